// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

/** The entry point, started by the launcher. */
public final class Main {
    private Main() {}

    /** Runs the command named by the arguments. */
    public static void main(String[] args) {
        System.out.println("Spillway");
    }
}
