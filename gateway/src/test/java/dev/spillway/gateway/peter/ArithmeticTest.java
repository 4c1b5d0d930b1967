// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {
    /** A calculation as text, and its value by the JDK. */
    record Sum(String text, BigDecimal value) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1+1                | 1 + 1, 2
        2 + 3 * 4          | 2 + 3 × 4, 2 + 12, 14
        (2 + 3) x 4        | (2 + 3) × 4, 5 × 4, 20
        10 - 3 - 2         | 10 − 3 − 2, 7 − 2, 5
        10 - (3 - 2)       | 10 − (3 − 2), 10 − 1, 9
        8 : 2 : 2          | 8 ÷ 2 ÷ 2, 4 ÷ 2, 2
        1 / 3              | 1 ÷ 3, 1/3
        1 / 3 * 3          | 1 ÷ 3 × 3, (1/3) × 3, 1
        0.1 + 0.2          | 0.1 + 0.2, 0.3
        3 - 5              | 3 − 5, −2
        2 * (3 - 5)        | 2 × (3 − 5), 2 × (−2), −4
        -2 * -3            | −2 × (−3), 6
        -(2 + 3)           | −1 × (2 + 3), −1 × 5, −5
        ((7)) + 0 = ?      | 7 + 0, 7
        1,5 + 1.5          | 1.5 + 1.5, 3
        1000000 * 1000000  | 1000000 × 1000000, 1000000000000
        """)
    void a_calculation_is_worked_out_step_by_step(String text, String steps) {
        assertThat(Arithmetic.workOut(text, '.')).isEqualTo(new Arithmetic.Worked(List.of(steps.split(", "))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42",
                "-42",
                "(42)",
                "hello",
                "1 +",
                "+ 1",
                "1 + + 1",
                "(1 + 1",
                "1 + 1)",
                "1 1",
                "1..2 + 1",
                "a + 1",
                "2 ^ 3",
                "1 + 1 apples",
                "()",
                "1234567890123456 + 1",
                "= 1 + 1",
                ".",
                "--1 + 1"
            })
    void anything_else_is_no_calculation(String text) {
        assertThat(Arithmetic.workOut(text, '.')).isInstanceOf(Arithmetic.Other.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 / 0", "1 / (2 - 2)", "0 : 0", "3 + 4 / (1 - 1) * 0"})
    void a_division_by_zero_is_said_to_be_one(String text) {
        assertThat(Arithmetic.workOut(text, '.')).isInstanceOf(Arithmetic.ByZero.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 30, 79, 200, 100_000})
    void what_is_too_deep_or_too_long_ends_well(int depth) {
        Arithmetic.workOut("(".repeat(depth), '.');
        Arithmetic.workOut("-".repeat(depth), '.');
        Arithmetic.workOut("(".repeat(depth) + "1+1" + ")".repeat(depth), '.');
        Arithmetic.workOut("9*".repeat(depth) + "9", '.');
    }

    @Property
    void the_result_is_exact(@ForAll("sums") Sum sum) {
        var worked = Arithmetic.workOut(sum.text(), '.');

        if (worked instanceof Arithmetic.Worked(var steps)) {
            var result = new BigDecimal(steps.getLast().replace('−', '-'));
            assertThat(result).as(sum.text()).isEqualByComparingTo(sum.value());
        } else {
            assertThat(sum.text().length()).as(sum.text()).isGreaterThan(40);
        }
    }

    @Property
    void every_step_has_the_value_of_the_first(@ForAll("sums") Sum sum) {
        if (Arithmetic.workOut(sum.text(), '.') instanceof Arithmetic.Worked(var steps)) {
            for (var step : steps.subList(0, steps.size() - 1)) {
                assertThat(Arithmetic.workOut(step, '.'))
                        .as(step)
                        .isInstanceOfSatisfying(
                                Arithmetic.Worked.class,
                                again -> assertThat(again.steps().getLast()).isEqualTo(steps.getLast()));
            }
        }
    }

    @Property
    void reading_never_throws(@ForAll String text) {
        assertThat(Arithmetic.workOut(text, '.')).isNotNull();
    }

    @Provide
    Arbitrary<Sum> sums() {
        return sum(2).filter(sum -> sum.text().matches(".*[-+*/].*"));
    }

    private static Arbitrary<Sum> sum(int depth) {
        var figure = Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, new BigDecimal("999"))
                .ofScale(2)
                .map(value -> new Sum(value.toPlainString(), value));
        if (depth == 0) {
            return figure;
        }
        var part = sum(depth - 1);
        var operation =
                Combinators.combine(part, part, Arbitraries.of('+', '-', '*')).as(ArithmeticTest::operate);
        // Halves, quarters, fifths: what BigDecimal can divide exactly.
        var division = Combinators.combine(part, Arbitraries.of(2, 4, 5, 8, 10))
                .as((left, by) ->
                        new Sum("(" + left.text() + ")/" + by, left.value().divide(BigDecimal.valueOf(by))));
        return Arbitraries.oneOf(figure, operation, operation, division);
    }

    private static Sum operate(Sum left, Sum right, char sign) {
        var value =
                switch (sign) {
                    case '+' -> left.value().add(right.value());
                    case '-' -> left.value().subtract(right.value());
                    default -> left.value().multiply(right.value());
                };
        return new Sum("(" + left.text() + ")" + sign + "(" + right.text() + ")", value);
    }
}
