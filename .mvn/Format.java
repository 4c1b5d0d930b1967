// SPDX-License-Identifier: Apache-2.0

import com.palantir.javaformat.java.Main;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs palantir-java-format over source trees: {@code Format check|apply DIR...}. Started by the root pom. */
final class Format {
    public static void main(String[] args) throws Exception {
        var apply = args[0].equals("apply");
        var arguments = new ArrayList<String>(List.of("--palantir"));
        arguments.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        var options = arguments.size();
        for (int i = 1; i < args.length; i++) {
            var root = Path.of(args[i]);
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java")).map(Path::toString).sorted().forEach(arguments::add);
            }
        }
        if (arguments.size() == options) {
            return;
        }
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        var exit = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
        if (exit != 0) {
            err.println("The files above are not formatted. Run: mvn -q process-sources -N -Dformat.mode=apply");
        }
        System.exit(exit);
    }
}
