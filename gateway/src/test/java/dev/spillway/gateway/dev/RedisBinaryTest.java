// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedisBinaryTest {
    @ParameterizedTest
    @CsvSource({
        "Linux,amd64,linux-amd64",
        "Linux,x86_64,linux-amd64",
        "Linux,aarch64,linux-arm64",
        "Mac OS X,x86_64,darwin-amd64",
        "Mac OS X,aarch64,darwin-arm64"
    })
    void each_system_gets_its_own_server_and_it_is_there(String os, String arch, String suffix) {
        var resource = RedisBinary.resourceFor(os, arch);

        assertThat(resource).endsWith(suffix);
        assertThat(RedisBinary.class.getResource("/" + resource)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"Windows 11,amd64", "Linux,riscv64", "Linux,i386", "SunOS,amd64"})
    void another_system_is_told_what_to_do(String os, String arch) {
        assertThatThrownBy(() -> RedisBinary.resourceFor(os, arch))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(os)
                .hasMessageContaining(arch)
                .hasMessageContaining("spillway.redis.uri");
    }
}
