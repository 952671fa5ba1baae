// The shop of the Go example: an HTTP service with its own OpenTelemetry set-up.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

func setUp(ctx context.Context) *sdktrace.TracerProvider {
	var exporter sdktrace.SpanExporter
	var err error
	if os.Getenv("SHOP_EXPORTER") == "grpc" {
		exporter, err = otlptracegrpc.New(ctx)
	} else {
		exporter, err = otlptracehttp.New(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider
}

func price(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, 7) }

func main() {
	ctx := context.Background()
	provider := setUp(ctx)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/price", price)
	go http.Serve(listener, otelhttp.NewHandler(mux, "shop"))
	ctx, span := otel.Tracer("shop").Start(ctx, "buy")
	request, _ := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String()+"/price", nil)
	answer, err := (&http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}).Do(request)
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	span.End()
	fmt.Println(string(body))
	if len(os.Args) > 1 && os.Args[1] == "crash" {
		panic("no configuration")
	}
	provider.Shutdown(context.Background())
}
