// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** The model's once-guard knows every copy. */
final class ModelGuardTest extends GuardContract {
    @Override
    StoreRig open() {
        return new ModelRig();
    }
}
