// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.ArrayList;
import java.util.List;

/** Works out a calculation step by step, exactly. Pure; whatever is no calculation, or too long for one, is other. */
sealed interface Arithmetic {
    /** Each line follows from the one before; the last is the result. */
    record Worked(List<String> steps) implements Arithmetic {
        @Override
        public String toString() {
            return "Worked(" + steps.size() + " steps)";
        }
    }

    /** It divides by zero. */
    record ByZero() implements Arithmetic {}

    /** Not a calculation. */
    record Other() implements Arithmetic {}

    // So that the worked steps fit into one message, and no number grows without end.
    int LENGTH_MAX = 80;
    int STEP_LENGTH_MAX = 160;
    int STEPS_MAX = 11;

    /** Reads the text and works it out, writing decimals with that point. */
    static Arithmetic workOut(String text, char decimalPoint) {
        if (text.length() > LENGTH_MAX) {
            return new Other();
        }
        var expression = new Calculation(text).read();
        if (!(expression instanceof Expression.Operation)) {
            return new Other();
        }
        return steps(expression, decimalPoint);
    }

    private static Arithmetic steps(Expression start, char decimalPoint) {
        var steps = new ArrayList<String>();
        var expression = start;
        steps.add(Expression.text(expression, decimalPoint));
        while (expression instanceof Expression.Operation) {
            try {
                expression = Expression.step(expression);
            } catch (ArithmeticException byZero) {
                return new ByZero();
            }
            var step = Expression.text(expression, decimalPoint);
            if (steps.size() >= STEPS_MAX || step.length() > STEP_LENGTH_MAX) {
                return new Other();
            }
            steps.add(step);
        }
        return new Worked(List.copyOf(steps));
    }
}
