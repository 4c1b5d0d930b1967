// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.Set;

/**
 * What may stand in a bot's {@code kinds}. The package of events has them as an enum, which settings must not import; a
 * test holds the two together.
 */
final class EventKinds {
    /** Not a kind of its own, but events of any kind that another app owns the thread of. */
    static final String STANDBY = "standby";

    static final Set<String> ALL = Set.of(
            STANDBY,
            "message",
            "echo",
            "unsend",
            "unsupported",
            "edit",
            "reaction",
            "delivery",
            "read",
            "postback",
            "optin",
            "referral",
            "account-linking",
            "pass-thread-control",
            "take-thread-control",
            "request-thread-control",
            "app-roles",
            "policy-enforcement",
            "response-feedback",
            "messaging-feedback",
            "customer-information",
            "order",
            "coupon",
            "game-play",
            "message-request",
            "status",
            "system",
            "feed",
            "comment",
            "mention",
            "change",
            "reply-outcome",
            "unrecognised");

    private EventKinds() {}
}
