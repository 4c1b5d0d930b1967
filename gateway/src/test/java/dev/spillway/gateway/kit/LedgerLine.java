// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One fact of a fault run. An event is named by the id that the simulated platform gave it, and a reply by its rid; page,
 * user and seq join the two, since the bots of a fault run answer with the seq they saw.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "line")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LedgerLine.Event.class, name = "event"),
    @JsonSubTypes.Type(value = LedgerLine.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = LedgerLine.Send.class, name = "send"),
    @JsonSubTypes.Type(value = LedgerLine.InDoubt.class, name = "in-doubt"),
    @JsonSubTypes.Type(value = LedgerLine.DeadLetter.class, name = "dead-letter"),
    @JsonSubTypes.Type(value = LedgerLine.Parked.class, name = "parked"),
    @JsonSubTypes.Type(value = LedgerLine.Repaired.class, name = "repaired")
})
public sealed interface LedgerLine {
    /** How the gateway answered a POST. */
    enum Outcome {
        /** 200: from now on it may not be lost. */
        ACKED,
        /** An error status: it may or may not be stored, and is sent again. */
        REFUSED,
        /** No answer came. */
        UNKNOWN
    }

    /**
     * An event that is about to be sent, signed with the right secret; written once, before the first try. Within one
     * conversation a simulator sends the next seq only when this one was acknowledged or given up.
     */
    record Event(String id, String page, String user, long seq, String hash, long atMillis) implements LedgerLine {}

    /** What became of one try to send it. */
    record Answer(String id, Outcome outcome, long atMillis) implements LedgerLine {}

    /** A send that the simulated Graph API received; written before it answers or cuts the connection. */
    record Send(String rid, String page, String user, long seq, boolean answered, long atMillis)
            implements LedgerLine {}

    /** A reply of which the dispatcher could not know whether it left: it may be sent twice. */
    record InDoubt(String rid) implements LedgerLine {}

    /** An event, or a reply to it, that ended as a dead letter. */
    record DeadLetter(String id, String reason) implements LedgerLine {}

    /** An event whose reply waits for its page. */
    record Parked(String id) implements LedgerLine {}

    /** An event that was appended again after a failover: it may come late, and its replies twice. */
    record Repaired(String id) implements LedgerLine {}
}
