// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.nio.file.Path;

/** A file of certificates or a key in PEM form, that was there at the start. */
public record PemFile(Path path) {
    /** The one at this path. */
    public static PemFile of(String path) {
        return new PemFile(Path.of(path));
    }
}
