import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;

/** A service without a line of OpenTelemetry, and its first customer. */
public class Shop {
  private static String base;

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/price", exchange -> answer(exchange, "7"));
    server.createContext("/product", Shop::product);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
    System.out.println(ask("/product"));
    if (args.length > 0 && args[0].equals("killed")) {
      Thread.sleep(2000);
      Runtime.getRuntime().halt(9);
    }
    System.exit(0);
  }

  private static void product(HttpExchange exchange) throws IOException {
    try {
      answer(exchange, "tea " + ask("/price"));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String ask(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes();
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
