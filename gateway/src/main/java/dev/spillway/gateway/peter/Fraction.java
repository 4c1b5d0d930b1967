// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.math.BigDecimal;
import java.math.BigInteger;

/** An exact number in lowest terms; the bottom is positive. */
record Fraction(BigInteger top, BigInteger bottom) {
    Fraction {
        if (bottom.signum() == 0) {
            throw new ArithmeticException("a fraction over zero");
        }
        var shared = top.gcd(bottom).multiply(BigInteger.valueOf(bottom.signum()));
        top = top.divide(shared);
        bottom = bottom.divide(shared);
    }

    static Fraction of(BigDecimal decimal) {
        return decimal.scale() <= 0
                ? new Fraction(decimal.toBigIntegerExact(), BigInteger.ONE)
                : new Fraction(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
    }

    Fraction plus(Fraction that) {
        return new Fraction(top.multiply(that.bottom).add(that.top.multiply(bottom)), bottom.multiply(that.bottom));
    }

    Fraction minus(Fraction that) {
        return plus(that.negated());
    }

    Fraction times(Fraction that) {
        return new Fraction(top.multiply(that.top), bottom.multiply(that.bottom));
    }

    /** Throws {@link ArithmeticException} where {@code that} is zero. */
    Fraction over(Fraction that) {
        return new Fraction(top.multiply(that.bottom), bottom.multiply(that.top));
    }

    Fraction negated() {
        return new Fraction(top.negate(), bottom);
    }

    boolean isZero() {
        return top.signum() == 0;
    }

    /** As a decimal where it ends, else as {@code 1/3}. */
    String text(char decimalPoint) {
        if (!isDecimal()) {
            return sign() + top.abs() + "/" + bottom;
        }
        var decimal = new BigDecimal(top.abs()).divide(new BigDecimal(bottom));
        return sign() + decimal.toPlainString().replace('.', decimalPoint);
    }

    /** Whether its decimals end: the bottom has no other prime factors than 2 and 5. */
    boolean isDecimal() {
        var rest = bottom.shiftRight(bottom.getLowestSetBit());
        var five = BigInteger.valueOf(5);
        while (rest.mod(five).signum() == 0) {
            rest = rest.divide(five);
        }
        return rest.equals(BigInteger.ONE);
    }

    boolean isNegative() {
        return top.signum() < 0;
    }

    private String sign() {
        return isNegative() ? "−" : "";
    }
}
