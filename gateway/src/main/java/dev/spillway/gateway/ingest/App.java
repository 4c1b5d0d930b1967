// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.config.Secret;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * An app of the platform and what it must prove itself with, which may change while we run.
 *
 * <p>All secrets of an app change in one step: a request is held against those of before or those of after. Threads:
 * {@link #now} from any; {@link #reread} from one at a time, as it reads files.
 */
final class App {
    /** How often files are read again in search of a moment when none of them changes. */
    private static final int READINGS_MAX = 5;

    /** What is in force. */
    record Proofs(Signature signature, String verifyToken) {
        @Override
        public String toString() {
            return "Proofs[***]";
        }
    }

    private final String name;
    private final List<Secret> secrets;
    private final Secret verifyToken;
    private volatile Proofs now;

    App(String name, Settings.App settings) {
        this.name = name;
        this.secrets = settings.secrets();
        this.verifyToken = settings.verifyToken();
        this.now = proofs();
    }

    String name() {
        return name;
    }

    Proofs now() {
        return now;
    }

    boolean isFromFiles() {
        return all().stream().anyMatch(Secret::isFromFile);
    }

    /**
     * What reading the files again came to.
     *
     * @param unreadable whether there is a file that cannot be read, whose old text stays in force
     */
    record Reading(boolean changed, boolean unreadable) {}

    /** Reads the files again. */
    Reading reread() {
        var changed = false;
        var unreadable = false;
        // Files that are replaced one by one may be seen half-way, such as with the old secret gone from one and the
        // new one not yet in the other. So what is seen counts once it was seen twice.
        for (var reading = 0; reading < READINGS_MAX; reading++) {
            var seen = all().stream().map(Secret::reread).toList();
            unreadable = seen.contains(Secret.Reread.UNREADABLE);
            if (!seen.contains(Secret.Reread.CHANGED)) {
                break;
            }
            changed = true;
        }
        if (changed) {
            now = proofs();
        }
        return new Reading(changed, unreadable);
    }

    private Proofs proofs() {
        // Two files may hold the same while nothing is being rotated; it is computed once then.
        var distinct = secrets.stream().distinct().map(Secret::bytes).toList();
        return new Proofs(new Signature(distinct), verifyToken.reveal());
    }

    private List<Secret> all() {
        var all = new ArrayList<>(secrets);
        all.add(verifyToken);
        return all;
    }
}
