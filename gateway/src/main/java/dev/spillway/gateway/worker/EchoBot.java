// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Reply;

/** Answers each text message with the same text, and nothing else: for trying the path out, and for measuring it. */
public final class EchoBot implements Bot {
    @Override
    public Verdict handle(Delivery delivery) {
        return Content.of(delivery.event()) instanceof Content.Message message && message.text() != null
                ? Verdict.accept(Reply.text(message.text()))
                : Verdict.accept();
    }
}
