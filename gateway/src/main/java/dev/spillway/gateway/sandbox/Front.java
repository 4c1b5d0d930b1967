// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides by method and path who answers a request. */
final class Front {
    private static final Pattern MESSAGES = Pattern.compile("/v\\d{1,3}\\.\\d{1,2}/([A-Za-z0-9_-]{1,64})/messages");
    private static final String CONTROL = "/sandbox/";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final GraphEndpoint graph;
    private final ChatEndpoint chat;
    private final Control control;
    private final PageFiles files;
    private final boolean loopbackOnly;

    Front(GraphEndpoint graph, ChatEndpoint chat, Control control, PageFiles files, String host) {
        this.graph = graph;
        this.chat = chat;
        this.control = control;
        this.files = files;
        this.loopbackOnly = LOOPBACK.contains(host);
    }

    void handle(HttpServerRequest request) {
        var path = request.path() == null ? "" : request.path();
        if (path.startsWith("/v")) {
            graph(request, path);
        } else if (!isForUs(request)) {
            Answers.problem(request, 403, "this host name is not served here");
        } else if (!isPage(request, path) && !isControl(request, path)) {
            Answers.problem(request, 404, "nothing is here");
        }
    }

    private void graph(HttpServerRequest request, String path) {
        var messages = MESSAGES.matcher(path);
        if (request.method().equals(HttpMethod.POST) && messages.matches()) {
            graph.send(request, messages.group(1));
        } else {
            graph.refuse(request, GraphError.path());
        }
    }

    private boolean isPage(HttpServerRequest request, String path) {
        switch (request.method() + " " + path) {
            case "GET /chat/pages" -> chat.pages(request);
            case "GET /chat/events" -> chat.events(request);
            case "POST /chat/messages" -> chat.messages(request);
            default -> {
                return request.method().equals(HttpMethod.GET) && files.handle(path, request);
            }
        }
        return true;
    }

    private boolean isControl(HttpServerRequest request, String path) {
        return path.startsWith(CONTROL)
                && control.handle(request.method() + " " + path.substring(CONTROL.length()), request);
    }

    /** On the loopback address only its own names are served, or any web page could reach us by a name of its own. */
    private boolean isForUs(HttpServerRequest request) {
        var authority = request.authority();
        return !loopbackOnly || (authority != null && LOOPBACK.contains(authority.host()));
    }
}
