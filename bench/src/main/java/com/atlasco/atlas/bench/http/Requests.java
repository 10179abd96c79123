package com.atlasco.atlas.bench.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests as bytes. */
public final class Requests {

    private Requests() {}

    public static byte[] get(String path, long tenant, List<String> headers) {
        return head("GET", path, tenant, headers, "").getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] put(String path, long tenant, byte[] json) {
        return withBody("PUT", path, tenant, "application/json", List.of(), json);
    }

    public static byte[] withBody(
            String method, String path, long tenant, String contentType, List<String> headers, byte[] body) {
        byte[] head = bodyHead(method, path, tenant, contentType, headers, body.length);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    static byte[] bodyHead(
            String method, String path, long tenant, String contentType, List<String> headers, long length) {
        return head(
                        method,
                        path,
                        tenant,
                        headers,
                        "Content-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String head(String method, String path, long tenant, List<String> headers, String more) {
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost\r\nX-Tenant-Id: ")
                .append(tenant)
                .append("\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        return head.append(more).append("\r\n").toString();
    }
}
