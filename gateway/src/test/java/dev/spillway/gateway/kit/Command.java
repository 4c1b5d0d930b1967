// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One command as {@link FaultProxy} saw it pass.
 *
 * @param name in capitals, with its subcommand where it has one: {@code XADD}, {@code XGROUP CREATE}
 * @param script the name of the script or function it runs, or empty
 * @param arguments what follows the first word, the first {@value #ARGUMENTS_KEPT}, each cut to
 *     {@value #ARGUMENT_CHARS_KEPT} characters
 */
public record Command(String name, String script, List<String> arguments) {
    static final int ARGUMENTS_KEPT = 6;
    static final int ARGUMENT_CHARS_KEPT = 80;

    private static final Set<String> WITH_SUBCOMMANDS = Set.of(
            "ACL",
            "CLIENT",
            "CLUSTER",
            "COMMAND",
            "CONFIG",
            "FUNCTION",
            "LATENCY",
            "MEMORY",
            "OBJECT",
            "PUBSUB",
            "SCRIPT",
            "XGROUP",
            "XINFO");

    /** Reads one whole command, in RESP or as a bare line. {@code names} turns the SHA-1 of a script into its name. */
    static Command of(byte[] frame, UnaryOperator<String> names) {
        var words = words(frame);
        var name = words.isEmpty() ? "" : words.get(0).toUpperCase(Locale.ROOT);
        if (WITH_SUBCOMMANDS.contains(name) && words.size() > 1) {
            name += " " + words.get(1).toUpperCase(Locale.ROOT);
        }
        var arguments = words.stream()
                .skip(1)
                .limit(ARGUMENTS_KEPT)
                .map(word -> word.substring(0, Math.min(word.length(), ARGUMENT_CHARS_KEPT)))
                .toList();
        return new Command(name, scriptOf(name, words, names), arguments);
    }

    private static String scriptOf(String name, List<String> words, UnaryOperator<String> names) {
        if (words.size() < 2) {
            return "";
        }
        return switch (name) {
            case "EVALSHA", "EVALSHA_RO" -> names.apply(words.get(1).toLowerCase(Locale.ROOT));
            case "EVAL", "EVAL_RO" -> names.apply(sha1(words.get(1)));
            case "FCALL", "FCALL_RO" -> words.get(1);
            default -> "";
        };
    }

    /** As Redis names a script. */
    static String sha1(String latin1) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    /** Latin-1, so that any bytes come through unharmed. */
    private static List<String> words(byte[] frame) {
        var text = new String(frame, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("*")) {
            return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        }
        var words = new ArrayList<String>();
        var at = text.indexOf('\n') + 1;
        while (at < text.length()) {
            var line = text.indexOf("\r\n", at);
            var length = Integer.parseInt(text.substring(at + 1, line));
            words.add(text.substring(line + 2, line + 2 + length));
            at = line + 2 + length + 2;
        }
        return words;
    }

    /** Without the arguments, which may hold what a user wrote. */
    @Override
    public String toString() {
        return script.isEmpty() ? name : name + " " + script;
    }
}
