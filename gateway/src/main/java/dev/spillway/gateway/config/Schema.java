// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which keys there are, made from the interfaces of {@link Settings}, so that the two cannot differ.
 *
 * <p>Beside each secret stands the key of its file, which no method has: see {@link Leaf#fileName}.
 */
sealed interface Schema {
    /** A section with known keys, in alphabetical order. */
    record Branch(SortedMap<String, Schema> children) implements Schema {
        Optional<Schema> child(String name) {
            return Optional.ofNullable(children.get(name));
        }
    }

    /** A section whose keys are names that the user chooses. */
    record Entries(Matching names, Branch each) implements Schema {}

    /**
     * A key with a value.
     *
     * @param many whether it is a list
     * @param required whether it must be given, by whatever source
     * @param standard the default, as it would be written in a file; null if there is none
     */
    record Leaf(
            String name,
            ValueType type,
            boolean many,
            boolean required,
            @Nullable String standard,
            @Nullable Between between,
            @Nullable Matching matching)
            implements Schema {
        boolean secret() {
            return type instanceof ValueType.Hidden;
        }

        /** The key by which a secret may stand in a file of its own. */
        String fileName() {
            return name + (many ? "-files" : "-file");
        }

        private Leaf file() {
            return new Leaf(fileName(), new ValueType.SecretFile(), many, false, null, null, null);
        }

        /** What is expected, in words. */
        String words() {
            if (between != null) {
                return between.min() + ".." + between.max();
            }
            return matching != null ? matching.words() : type.words();
        }
    }

    /** The schema of all settings. */
    static Branch settings() {
        return branch(Settings.class, Map.of());
    }

    private static Branch branch(Class<?> section, Map<String, String> defaults) {
        var children = new TreeMap<String, Schema>();
        for (var method : section.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                var name = key(method.getName());
                var child = of(method, name, defaults.get(name));
                children.put(name, child);
                if (child instanceof Leaf leaf && leaf.secret()) {
                    children.put(leaf.fileName(), leaf.file());
                }
            }
        }
        return new Branch(children);
    }

    private static Schema of(Method method, String name, @Nullable String standard) {
        var type = method.getReturnType();
        if (type == Map.class) {
            var each = (Class<?>) argument(method.getGenericReturnType(), 1);
            return new Entries(method.getAnnotation(Matching.class), branch(each, Map.of()));
        }
        if (type.isInterface() && !Collection.class.isAssignableFrom(type)) {
            return branch(type, defaults(method.getAnnotation(Defaults.class)));
        }
        return leaf(method, name, standard);
    }

    private static Leaf leaf(Method method, String name, @Nullable String standard) {
        Type type = method.getGenericReturnType();
        var optional = method.getReturnType() == Optional.class;
        if (optional) {
            type = argument(type, 0);
        }
        var many = type instanceof ParameterizedType;
        if (many) {
            type = argument(type, 0);
        }
        var own = method.getAnnotation(WithDefault.class);
        var written = own == null ? standard : own.value();
        return new Leaf(
                name,
                type((Class<?>) type, method.isAnnotationPresent(Bytes.class)),
                many,
                !optional && written == null,
                written,
                method.getAnnotation(Between.class),
                method.getAnnotation(Matching.class));
    }

    private static ValueType type(Class<?> type, boolean bytes) {
        if (type.isEnum()) {
            @SuppressWarnings("unchecked") // an enum's class is one of an Enum
            var constants = (Class<? extends Enum<?>>) type;
            return new ValueType.Choice(constants);
        }
        if (type == int.class || type == long.class) {
            return bytes ? new ValueType.Size() : new ValueType.Whole();
        }
        var known = Map.of(
                boolean.class, new ValueType.Flag(),
                String.class, new ValueType.Text(),
                Duration.class, new ValueType.Time(),
                URI.class, new ValueType.Url(),
                RedisUri.class, new ValueType.Redis(),
                PemFile.class, new ValueType.Pem(),
                Secret.class, new ValueType.Hidden());
        var found = known.get(type);
        if (found == null) {
            throw new IllegalStateException("a setting of type " + type.getName());
        }
        return found;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Map<String, String> defaults(@Nullable Defaults defaults) {
        return defaults == null
                ? Map.of()
                : Arrays.stream(defaults.value())
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /** The key of a method's name, as SmallRye has it. */
    private static String key(String method) {
        return CAPITAL.matcher(method).replaceAll("-").toLowerCase(Locale.ROOT);
    }
}
