// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The field names we know, found by their bytes, so that a pass over a body allocates no string per field.
 *
 * <p>An open table with linear probing, filled once, a quarter full.
 */
final class FieldNames {
    /** What every name is that we do not know. */
    static final String UNKNOWN = "";

    private static final int SLOTS = 512;
    private static final @Nullable String[] NAMES = new String[SLOTS];
    private static final byte[][] BYTES = new byte[SLOTS][];

    static {
        var known = """
            object entry id time messaging standby changes changed_fields field value
            sender recipient timestamp user_ref
            message message_edit reaction delivery read postback optin referral account_linking
            pass_thread_control take_thread_control request_thread_control app_roles
            policy_enforcement policy-enforcement response_feedback messaging_feedback
            messaging_customer_information order template game_play message_request
            mid mids text is_echo is_deleted is_unsupported num_edit action watermark payload title type
            one_time_notif_token notification_messages_token notification_messages_status ref ad_id
            item verb comment_id post_id media_id media from created_time
            messaging_product metadata phone_number_id contacts wa_id user_id messages statuses errors
            from_user_id group_id status recipient_id recipient_user_id system
            version app channel page user kind occurredAt receivedAt bucket conversation source only
            context event raw rawContext
            quick_reply attachments url app_id button interactive button_reply list_reply body
            source_id source_type image audio video document sticker caption
            error code error_subcode is_transient fbtrace_id
            quickReplies buttons replies quick_replies
            """;
        Arrays.stream(known.split("\\s+")).forEach(FieldNames::add);
    }

    private FieldNames() {}

    /** The known name that these bytes spell, always the same instance, or {@link #UNKNOWN}. */
    static String of(byte[] in, int from, int to) {
        for (var slot = slot(in, from, to); ; slot = (slot + 1) % SLOTS) {
            var name = NAMES[slot];
            if (name == null) {
                return UNKNOWN;
            }
            var bytes = BYTES[slot];
            if (Arrays.equals(bytes, 0, bytes.length, in, from, to)) {
                return name;
            }
        }
    }

    private static void add(String name) {
        var bytes = name.getBytes(StandardCharsets.US_ASCII);
        var slot = slot(bytes, 0, bytes.length);
        while (NAMES[slot] != null) {
            slot = (slot + 1) % SLOTS;
        }
        NAMES[slot] = name.intern();
        BYTES[slot] = bytes;
    }

    private static int slot(byte[] in, int from, int to) {
        if (from == to) {
            return 0;
        }
        var spread = (to - from) * 131 + in[from] * 31 + in[to - 1] * 7 + in[(from + to) >>> 1] * 61;
        return spread & (SLOTS - 1);
    }
}
