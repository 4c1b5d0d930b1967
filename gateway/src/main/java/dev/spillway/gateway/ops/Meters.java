// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The one registry of meters, with those of the JVM and the process in it.
 *
 * <p>A stage is given the {@link #registry} and builds its own meters at start; docs/metrics.md lists them all.
 */
public final class Meters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    private Meters() {}

    /** A registry for this process. */
    public static Meters of(BuildInfo build) {
        var meters = new Meters();
        meters.bind(build);
        return meters;
    }

    /** Where meters are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All meters as text, for the reader of that type. Takes milliseconds and reads /proc: not for an event loop. */
    String scrape(String contentType) {
        return registry.scrape(contentType);
    }

    /** Lets go of what listens to the JVM. */
    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private void bind(BuildInfo build) {
        // Two meters of one name with other tags are a mistake of ours: better at start than missing on the dashboard.
        registry.throwExceptionOnRegistrationFailure();
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        Gauge.builder("spillway.build.info", () -> 1)
                .description("Which Spillway runs here; always 1")
                .tag("version", build.version())
                .tag("commit", build.commit())
                .tag("java", build.java())
                .register(registry);
    }
}
