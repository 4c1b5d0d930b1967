// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.ratelimit.BreakerCall;
import dev.spillway.ratelimit.BreakerState;
import dev.spillway.ratelimit.LeaseReply;
import dev.spillway.ratelimit.LeaseReply.Cause;
import dev.spillway.ratelimit.LeaseRequest;
import dev.spillway.ratelimit.LeaseStore.Signal;
import dev.spillway.ratelimit.Refund;
import dev.spillway.ratelimit.Report;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.ScopeStatus;
import dev.spillway.ratelimit.Tariff;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Arguments and replies of the scripts: integers as text one way, integers the other way. */
final class Wire {
    private static final int PAUSED = -1;
    private static final int PROBING = -2;

    private Wire() {}

    /** The figures as doubles in one argument: Lua takes them in at once, where each number as text is a parse. */
    static byte[][] acquire(LeaseRequest request) {
        var tariff = request.tariff();
        var rates = tariff.rates();
        var quotas = tariff.quotas();
        var figures = ByteBuffer.allocate(Double.BYTES * (8 + 2 * rates.size() + 3 * quotas.size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        put(figures, request.need(), request.want(), request.aheadTicks(), request.leadTicks());
        put(figures, tariff.version(), tariff.staggerTicks(), rates.size(), quotas.size());
        var args = new ArrayList<byte[]>(3 + 2 * rates.size() + quotas.size());
        add(args, request.node());
        args.add(text(tariff.name()));
        args.add(figures.array());
        for (var rate : rates) {
            put(figures, rate.interval(), rate.tolerance());
            args.add(rate.id().getBytes(US_ASCII));
            args.add(digits(rate.over()));
        }
        for (var quota : quotas) {
            put(figures, quota.permits(), quota.bucketTicks(), quota.buckets());
            args.add(quota.id().getBytes(US_ASCII));
        }
        return args.toArray(byte[][]::new);
    }

    /** All below 2^53, so exact. */
    private static void put(ByteBuffer figures, long... values) {
        for (long value : values) {
            figures.putDouble((double) value);
        }
    }

    static LeaseReply reply(Tariff tariff, byte[] packed) {
        var reply = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        var n = next(reply);
        var wait = next(reply);
        var flag = next(reply);
        var standing = new LeaseReply.Standing(next(reply), next(reply), next(reply), next(reply));
        if (n == 0) {
            return new LeaseReply.Refused(wait, causeOf(flag), limitOf(tariff, flag), standing);
        }
        var timelines = new ArrayList<LeaseReply.Timeline>();
        for (int i = 0; i < tariff.rates().size(); i++) {
            timelines.add(new LeaseReply.Timeline(next(reply), next(reply), next(reply)));
        }
        var buckets = new ArrayList<Long>();
        for (int i = 0; i < tariff.quotas().size(); i++) {
            buckets.add(next(reply));
        }
        return new LeaseReply.Granted(n, timelines, buckets, flag == 1, standing);
    }

    private static long next(ByteBuffer reply) {
        return (long) reply.getDouble();
    }

    static byte[][] report(Report report, byte[] channel) {
        var args = new ArrayList<byte[]>(5);
        add(args, report.node(), report.kind().number(), report.value(), report.epochSeen());
        args.add(channel);
        return args.toArray(byte[][]::new);
    }

    static ScopeStatus status(List<Object> reply) {
        return new ScopeStatus(at(reply, 0) == 1, at(reply, 1), at(reply, 2), at(reply, 3));
    }

    static byte[][] breaker(BreakerCall call, byte[] channel) {
        var args = new ArrayList<byte[]>(6);
        add(args, call.node(), call.kind().number(), call.activeNodes(), call.generation(), call.ticks());
        args.add(channel);
        return args.toArray(byte[][]::new);
    }

    static BreakerState breaker(List<Object> reply) {
        return new BreakerState(
                at(reply, 0) == 1, at(reply, 1) == 1, at(reply, 2), at(reply, 3), at(reply, 4) == 1, at(reply, 5));
    }

    static byte[][] release(Refund refund) {
        var args = new ArrayList<byte[]>();
        var rates = refund.tariff().rates();
        var quotas = refund.tariff().quotas();
        add(args, refund.units(), rates.size(), quotas.size());
        for (int i = 0; i < rates.size(); i++) {
            args.add(rates.get(i).id().getBytes(US_ASCII));
            add(
                    args,
                    refund.timelines().get(i).interval(),
                    refund.timelines().get(i).end());
        }
        for (int i = 0; i < quotas.size(); i++) {
            args.add(quotas.get(i).id().getBytes(US_ASCII));
            add(args, refund.buckets().get(i), quotas.get(i).buckets());
        }
        return args.toArray(byte[][]::new);
    }

    /** {@code <epoch> <prefix>{<scope>}}. */
    static Signal signal(byte[] message, String keyPrefix) {
        var text = new String(message, UTF_8);
        var space = text.indexOf(' ');
        var name = text.substring(space + 1 + keyPrefix.length() + 1, text.length() - 1);
        return new Signal(new Scope(name), Long.parseLong(text, 0, space, 10));
    }

    static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static Cause causeOf(long binding) {
        return binding == PAUSED ? Cause.PAUSED : binding == PROBING ? Cause.PROBING : Cause.LIMIT;
    }

    /** Rates are counted from 1, quotas go on after them; 0 is no limit in particular. */
    private static String limitOf(Tariff tariff, long binding) {
        var rates = tariff.rates().size();
        if (binding < 1) {
            return "";
        }
        return binding <= rates
                ? tariff.rates().get((int) binding - 1).id()
                : tariff.quotas().get((int) binding - 1 - rates).id();
    }

    private static long at(List<Object> reply, int index) {
        return (Long) reply.get(index);
    }

    private static byte[] digits(List<Tariff.Reach> over) {
        var digits = new byte[over.size()];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) over.get(i).digit();
        }
        return digits;
    }

    private static void add(List<byte[]> args, long... values) {
        for (long value : values) {
            args.add(Long.toString(value).getBytes(US_ASCII));
        }
    }
}
