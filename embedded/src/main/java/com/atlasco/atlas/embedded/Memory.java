package com.atlasco.atlas.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the machine (or the container) offers.
 *
 * @param totalBytes memory this process may use
 * @param sharedBytes size of /dev/shm; small in containers by default
 */
record Memory(long totalBytes, long sharedBytes) {

    private static final long MEBIBYTE = 1L << 20;
    private static final long SMALLEST_BUFFERS_MEBIBYTES = 64;
    private static final long LARGEST_BUFFERS_MEBIBYTES = 4096;

    static Memory ofThisMachine() {
        long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long shared = 0;
        try {
            shared = Files.getFileStore(Path.of("/dev/shm")).getTotalSpace();
        } catch (IOException exception) {
            // No such mount: PostgreSQL is then told to use files.
        }
        return new Memory(total, shared);
    }

    /** An eighth of memory for all servers, but a sixteenth for one alone; at least 64 MB and at most 4 GB for each. */
    String sharedBuffers(int servers) {
        long wanted = totalBytes / MEBIBYTE / 8 / Math.max(2, servers);
        return Math.clamp(wanted, SMALLEST_BUFFERS_MEBIBYTES, LARGEST_BUFFERS_MEBIBYTES) + "MB";
    }

    /** What the planner may assume to be cached: half of memory. */
    String effectiveCacheSize() {
        return Math.max(totalBytes / MEBIBYTE / 2, 2 * SMALLEST_BUFFERS_MEBIBYTES) + "MB";
    }

    /** POSIX shared memory, unless /dev/shm (64 MB in many containers) would be too small for parallel queries. */
    String dynamicSharedMemoryType() {
        return sharedBytes >= 256 * MEBIBYTE ? "posix" : "mmap";
    }
}
