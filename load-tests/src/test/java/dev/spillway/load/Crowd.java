// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

/**
 * Who writes: so many users, spread evenly over so many pages. A user writes to one page only, so {@code users} is also
 * the number of conversations.
 */
record Crowd(int users, int pages) {
    private static final long FIRST_PAGE = 100_200_300_400_500L;
    private static final long FIRST_USER = 7_000_000_000_000_000L;

    Crowd {
        if (pages < 1 || pages > 1_000) {
            throw new IllegalArgumentException("pages: " + pages + " (expected: 1..1000)");
        }
        if (users < pages || users > 100_000_000) {
            throw new IllegalArgumentException("users: " + users + " (expected: " + pages + "..100000000)");
        }
    }

    /** The user of the n-th message; each in turn. */
    long user(long n) {
        return FIRST_USER + n % users;
    }

    long page(long n) {
        return FIRST_PAGE + n % users % pages;
    }
}
