package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.model.Position;
import java.util.Optional;

/**
 * How far the analytics store has come.
 *
 * @param wanted whether capture streams, or would if it could
 * @param changesApplied since the pipeline was created
 * @param position of its watermark; empty while it has none, or its snapshot is not complete
 */
record Progress(boolean wanted, long changesApplied, Optional<Position> position) {}
