// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorReplyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FENCED the lease g1:own:{p0}:s is not held as presented | LEASE_LOST",
                "NOGROUP No such key 'g1:in:{p0}' or consumer group 's' | GROUP_MISSING",
                "OOM command not allowed when used memory > 'maxmemory'. | FULL",
                "NOSCRIPT No matching script. Please use EVAL. | SCRIPT_MISSING",
                "MISCONF Errors writing to the AOF file: No space left on device | LATER",
                "NOREPLICAS Not enough good replicas to write. | LATER",
                "BUSY Redis is busy running a script. | LATER",
                "CLUSTERDOWN Hash slot not served | LATER",
                "ERR Script attempted to execute a write command while the cluster is down and readonly script: a |"
                        + " LATER",
                "READONLY You can't write against a read only replica. | NOT_PRIMARY",
                "LOADING Redis is loading the dataset in memory | NOT_PRIMARY",
                "MASTERDOWN Link with MASTER is down | NOT_PRIMARY",
                "UNBLOCKED force unblock from blocking operation, instance state changed | NOT_PRIMARY",
                "MOVED 3999 127.0.0.1:6381 | MOVED",
                "ASK 3999 127.0.0.1:6381 | MOVING",
                "TRYAGAIN Multiple keys request during rehashing of slot | MOVING",
                "ERR Script attempted to access a non local key in a cluster node script: a, on @user_script:9. |"
                        + " MOVING",
                "NOPERM this user has no permissions to run the 'xadd' command | DENIED",
                "NOAUTH Authentication required. | DENIED",
                "WRONGPASS invalid username-password pair or user is disabled. | DENIED",
                "ERR The user executing the script can't run this command or subcommand script: a | DENIED",
                "WRONGTYPE Operation against a key holding the wrong kind of value | UNKNOWN",
                "CROSSSLOT Keys in request don't hash to the same slot | UNKNOWN",
                "ERR unknown command 'XADD' | UNKNOWN",
            })
    void every_error_has_one_meaning(String words, ErrorReply meaning) {
        assertThat(ErrorReply.of(words)).isEqualTo(meaning);
    }

    @Test
    void words_without_a_code_mean_nothing_to_us() {
        assertThat(ErrorReply.of("")).isEqualTo(ErrorReply.UNKNOWN);
        assertThat(ErrorReply.of("OOMPH")).isEqualTo(ErrorReply.UNKNOWN);
        assertThat(ErrorReply.of("READONLY")).isEqualTo(ErrorReply.NOT_PRIMARY);
    }
}
