package com.atlasco.atlas.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/** Requests byte by byte, for what no HTTP client would send. */
final class RawHttp {

    private static final int PATIENCE_MS = 20_000;

    private RawHttp() {}

    record Answer(int status, String head, String body) {}

    /**
     * Sends one request on a connection of its own, and reads until the node closes it.
     *
     * @param target as it stands in the request line, each character a byte
     */
    static Answer send(URI server, String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            OutputStream out = socket.getOutputStream();
            StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\nConnection: close\r\n".formatted(method, target));
            if (!headers.containsKey("Host")) {
                head.append("Host: localhost\r\n");
            }
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            if (body.length > 0 || !method.equals("GET")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
            try {
                out.write(body);
            } catch (SocketException refusedMidway) {
                // The answer must be there to read all the same.
            }
            return read(socket.getInputStream());
        }
    }

    private static Answer read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        String text = bytes.toString(ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer, but '" + text + "'");
        }
        String head = text.substring(0, end);
        String body = text.substring(end + 4);
        if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            body = joined(body);
        }
        int status = Integer.parseInt(head.substring(9, 12));
        return new Answer(status, head, new String(body.getBytes(ISO_8859_1), UTF_8));
    }

    private static String joined(String chunks) {
        StringBuilder body = new StringBuilder();
        int from = 0;
        while (true) {
            int lineEnd = chunks.indexOf("\r\n", from);
            int length = Integer.parseInt(chunks.substring(from, lineEnd), 16);
            if (length == 0) {
                return body.toString();
            }
            body.append(chunks, lineEnd + 2, lineEnd + 2 + length);
            from = lineEnd + 2 + length + 2;
        }
    }
}
