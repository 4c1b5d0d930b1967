// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;

/** A client that knows nothing of Vert.x, as the platform's other users are. */
final class Http implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    Http(String base) {
        this.base = base;
    }

    /** What came back. */
    record Answer(int status, String body, HttpHeaders headers) {
        JsonNode json() {
            return Json.readOrMissing(body.getBytes(StandardCharsets.UTF_8));
        }

        JsonNode error() {
            return json().path("error");
        }
    }

    Answer post(String path, String token, String json) throws IOException, InterruptedException {
        return post(path, token, json, TIMEOUT);
    }

    Answer post(String path, String token, String json, Duration timeout) throws IOException, InterruptedException {
        var request = request(path).timeout(timeout).header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.POST(HttpRequest.BodyPublishers.ofString(json)).build());
    }

    /** Posts without waiting for the answer. */
    void postLater(String path, String token, String json) {
        var request = request(path)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .exceptionally(failed -> null)
                .isDone();
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    /** The lines of an answer that does not end. */
    Iterator<String> lines(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofLines())
                .body()
                .iterator();
    }

    /** The first line of the answer to a request with that header, which the JDK's client would not send. */
    String raw(String method, String path, String header) throws IOException {
        var server = URI.create(base);
        var host = header.startsWith("Host:") ? "" : "Host: 127.0.0.1\r\n";
        var request = method + " " + path + " HTTP/1.1\r\n" + host + header + "\r\nContent-Length: 0\r\n\r\n";
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return String.valueOf(answer.readLine());
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body(), answer.headers());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
