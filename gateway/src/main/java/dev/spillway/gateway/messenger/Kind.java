// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an event is about. The wire name is the constant in lower case with hyphens. */
public enum Kind {
    MESSAGE,
    ECHO,
    UNSEND,
    UNSUPPORTED,
    EDIT,
    REACTION,
    DELIVERY,
    READ,
    POSTBACK,
    OPTIN,
    REFERRAL,
    ACCOUNT_LINKING,
    PASS_THREAD_CONTROL,
    TAKE_THREAD_CONTROL,
    REQUEST_THREAD_CONTROL,
    APP_ROLES,
    POLICY_ENFORCEMENT,
    RESPONSE_FEEDBACK,
    MESSAGING_FEEDBACK,
    CUSTOMER_INFORMATION,
    ORDER,
    COUPON,
    GAME_PLAY,
    MESSAGE_REQUEST,
    /** A message status of WhatsApp: sent, delivered, read, failed, played. */
    STATUS,
    /** WhatsApp: the person's account changed its number or id. */
    SYSTEM,
    /** A page's feed: posts, comments, reactions. */
    FEED,
    /** An Instagram comment. */
    COMMENT,
    MENTION,
    /** A change of another field than those above; the field's name is in the event. */
    CHANGE,
    /** What Spillway itself reports to a bot that asked: how a reply ended. */
    REPLY_OUTCOME,
    /** A kind that this version does not know. Stored and delivered as it came. */
    UNRECOGNISED;

    private static final Map<String, Kind> BY_WIRE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Kind::wire, Function.identity()));

    private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in event JSON and in a bot's {@code kinds}. */
    public String wire() {
        return wire;
    }

    /** The kind of that name, or {@link #UNRECOGNISED}. */
    public static Kind ofWire(String wire) {
        return BY_WIRE.getOrDefault(wire, UNRECOGNISED);
    }
}
