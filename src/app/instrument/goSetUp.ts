/** The smallest set-up of OpenTelemetry for a Go service, as text to start from. Everything about where spans go comes from the environment. */

/** @param folder of the module, named in the comment */
export function goSetUp(folder: string): string {
  return `// Sends the spans of this program to where OTEL_EXPORTER_OTLP_ENDPOINT says.
//
// 1. In ${folder.replaceAll(/[\r\n]+/g, ' ')}:
//
//	go get go.opentelemetry.io/otel go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp
//
// 2. Save this file as tracing.go beside main.go. At the beginning of main:
//
//	shutdown, err := setUpTracing(context.Background())
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer shutdown(context.Background())
//
// 3. Wrap what serves and what asks:
//
//	http.ListenAndServe(":8080", otelhttp.NewHandler(mux, "server"))
//	client := &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}
//
// Requests that a handler makes belong to its trace when they carry its context: http.NewRequestWithContext(r.Context(), …).
// Other libraries: https://opentelemetry.io/ecosystem/registry/?language=go&component=instrumentation

package main

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// setUpTracing starts OpenTelemetry. What it returns is to be called before the program ends, so that its last spans are sent.
func setUpTracing(ctx context.Context) (func(context.Context) error, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	return provider.Shutdown, nil
}
`;
}
