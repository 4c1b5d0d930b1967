// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import dev.spillway.gateway.peter.Expression.Sign;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a calculation: numbers with a point or a comma, + - * / and the signs that pupils use for them, parentheses, and
 * perhaps an equals sign and a question mark at the end. Recursive descent; used once.
 */
final class Calculation {
    private static final int DIGITS_MAX = 15;
    private static final int DEPTH_MAX = 20;

    private final String text;
    private int at;
    private int depth;

    Calculation(String text) {
        this.text = text.strip().replaceFirst("\\s*[=?\\s]{1,4}$", "");
    }

    /** Null if the text is anything else. */
    @Nullable
    Expression read() {
        var sum = sum();
        return at == text.length() ? sum : null;
    }

    private @Nullable Expression sum() {
        var left = product();
        while (left != null) {
            var sign = sign(1);
            if (sign == null) {
                return left;
            }
            var right = product();
            left = right == null ? null : new Expression.Operation(left, sign, right);
        }
        return null;
    }

    private @Nullable Expression product() {
        var left = factor();
        while (left != null) {
            var sign = sign(2);
            if (sign == null) {
                return left;
            }
            var right = factor();
            left = right == null ? null : new Expression.Operation(left, sign, right);
        }
        return null;
    }

    private @Nullable Expression factor() {
        var c = peek();
        if (c == '-' || c == '−') {
            at++;
            return negative();
        }
        return c == '(' ? parentheses() : number();
    }

    private @Nullable Expression negative() {
        var first = peek();
        if (first == '(') {
            var inner = parentheses();
            var minusOne = new Expression.Figure(new Fraction(BigInteger.ONE.negate(), BigInteger.ONE));
            return inner == null ? null : new Expression.Operation(minusOne, Sign.TIMES, inner);
        }
        return number() instanceof Expression.Figure(var value) ? new Expression.Figure(value.negated()) : null;
    }

    private @Nullable Expression parentheses() {
        at++;
        if (++depth > DEPTH_MAX) {
            return null;
        }
        var inner = sum();
        depth--;
        if (inner == null || peek() != ')') {
            return null;
        }
        at++;
        return inner;
    }

    private @Nullable Expression number() {
        peek();
        var start = at;
        while (at < text.length() && isPartOfNumber(text.charAt(at))) {
            at++;
        }
        var digits = text.substring(start, at).replace(',', '.');
        if (!digits.matches("[0-9]+(\\.[0-9]+)?") || digits.length() > DIGITS_MAX) {
            return null;
        }
        return new Expression.Figure(Fraction.of(new BigDecimal(digits)));
    }

    private static boolean isPartOfNumber(char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == ',';
    }

    private @Nullable Sign sign(int rank) {
        var sign =
                switch (peek()) {
                    case '+' -> Sign.PLUS;
                    case '-', '−', '–' -> Sign.MINUS;
                    case '*', '×', 'x', 'X', '·' -> Sign.TIMES;
                    case '/', '÷', ':' -> Sign.OVER;
                    default -> null;
                };
        if (sign == null || sign.rank() != rank) {
            return null;
        }
        at++;
        return sign;
    }

    /** The next character that is no space; 0 at the end. */
    private char peek() {
        while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\u00a0')) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }
}
