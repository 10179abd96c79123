package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Watermark;
import java.time.Duration;

/**
 * A batch that the store made durable.
 *
 * @param changes the changes in it; a batch of heartbeats alone has none
 * @param skipped records left out of it because the store already had them
 * @param watermark the watermark that was applied with it
 * @param applyTime how long the store took
 */
public record AppliedBatch(int changes, int skipped, Watermark watermark, Duration applyTime) {}
