// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

/** A calculation as a tree. Pure. */
sealed interface Expression {
    /** A number. */
    record Figure(Fraction value) implements Expression {}

    /** Two parts and a sign between them. */
    record Operation(Expression left, Sign sign, Expression right) implements Expression {}

    /** A sign between two parts. */
    enum Sign {
        PLUS("+", 1),
        MINUS("−", 1),
        TIMES("×", 2),
        OVER("÷", 2);

        private final String symbol;
        private final int rank;

        Sign(String symbol, int rank) {
            this.symbol = symbol;
            this.rank = rank;
        }

        /** 1 for those that wait, 2 for those that go first. */
        int rank() {
            return rank;
        }

        Fraction apply(Fraction left, Fraction right) {
            return switch (this) {
                case PLUS -> left.plus(right);
                case MINUS -> left.minus(right);
                case TIMES -> left.times(right);
                case OVER -> left.over(right);
            };
        }
    }

    /** The same with one operation worked out: the leftmost whose two parts are numbers. */
    static Expression step(Expression expression) {
        return switch (expression) {
            case Figure figure -> figure;
            case Operation(Figure(var left), var sign, Figure(var right)) -> new Figure(sign.apply(left, right));
            case Operation(Operation left, var sign, var right) -> new Operation(step(left), sign, right);
            case Operation(Figure left, var sign, var right) -> new Operation(left, sign, step(right));
        };
    }

    /** As a pupil writes it, with no more parentheses than are needed. */
    static String text(Expression expression, char decimalPoint) {
        return switch (expression) {
            case Figure(var value) -> value.text(decimalPoint);
            case Operation(var left, var sign, var right) ->
                part(left, needsParentheses(left, sign, false), decimalPoint)
                        + " " + sign.symbol + " "
                        + part(right, needsParentheses(right, sign, true), decimalPoint);
        };
    }

    private static String part(Expression part, boolean parentheses, char decimalPoint) {
        var text = text(part, decimalPoint);
        return parentheses ? "(" + text + ")" : text;
    }

    private static boolean needsParentheses(Expression part, Sign beside, boolean isRight) {
        return switch (part) {
            case Figure(var value) -> (isRight && value.isNegative()) || !value.isDecimal();
            case Operation(var left, var sign, var right) ->
                isRight ? sign.rank <= beside.rank : sign.rank < beside.rank;
        };
    }
}
