// SPDX-License-Identifier: Apache-2.0
/**
 * What every fault test uses to break things and to see whether a promise held: a Redis to kill, a wire to cut, a
 * process to crash, and a ledger that knows what must have come out.
 *
 * <p>Promise: whatever a test starts here ends with the test, and a fault that was asked for is counted when it struck.
 * <p>Start reading at {@link RedisRig}, {@link FaultProxy}, {@link GatewayProcess} and {@link LedgerCheck}.
 */
@NullMarked
package dev.spillway.gateway.kit;

import org.jspecify.annotations.NullMarked;
