// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One script, called by its digest; after a restart of Redis, once by its text. */
final class Script {
    private static final String TIME_LINES = """
        local t = redis.call('TIME')
        local time = ((t[1] - 1704067200) * 1000000 + t[2]) * 16
        """;

    private final byte[] text;
    private final String digest;

    private Script(String text) {
        this.text = text.getBytes(UTF_8);
        this.digest = sha1(this.text);
    }

    static Script named(String name) {
        return new Script(resource("prelude.lua") + resource(name));
    }

    /** For tests: takes the time from the last argument. */
    Script onGivenTime() {
        var given = "local time = tonumber(table.remove(ARGV))\n";
        return new Script(new String(text, UTF_8).replace(TIME_LINES, given));
    }

    /** Nothing ran when Redis says it does not know the digest, so the second call is not a repetition. */
    <T> CompletionStage<T> call(
            RedisScriptingAsyncCommands<byte[], byte[]> redis, ScriptOutputType type, byte[] key, byte[][] args) {
        var keys = new byte[][] {key};
        CompletionStage<T> first = redis.evalsha(digest, type, keys, args);
        return first.exceptionallyCompose(failure -> cause(failure) instanceof RedisNoScriptException
                ? redis.eval(text, type, keys, args)
                : java.util.concurrent.CompletableFuture.failedStage(failure));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    private static String resource(String name) {
        try (var in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
