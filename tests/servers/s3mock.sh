#!/usr/bin/env bash
# Adobe S3Mock on 127.0.0.1: S3 on PORT, S3 Vectors on PORT + 2. Needs Java 17 or newer (a JDK) and Maven.
# It checks no signature, expiry or access key.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

NAME=s3mock
VERSION=5.2.0
DEFAULT_PORT=9090

do_install() {
  need java javac mvn
  local dir="$1"
  # slf4j 2 has to be named: without the parent's version table Maven picks 1.7.
  pom "com.adobe.testing:s3mock:$VERSION" org.slf4j:slf4j-api:2.0.18 >"$dir/pom.xml"
  maven_lib "$dir" || return 1
  cat >"$dir/Loopback.java" <<'JAVA'
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** server.address reaches only the first of S3Mock's four connectors; this reaches the others. */
@Configuration
public class Loopback {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> loopbackConnectors() {
        return factory -> factory.getAdditionalConnectors()
            .forEach(c -> c.setProperty("address", "127.0.0.1"));
    }
}
JAVA
  javac -cp "$dir/lib/*" -d "$dir/main" "$dir/Loopback.java"
}

do_start() {
  port_free "$((PORT + 2))"
  mkdir -p "$RUN/data"
  SPRING_PROFILES_ACTIVE=vectors spawn java -Xmx384m -XX:TieredStopAtLevel=1 \
    -cp "$HOME_DIR/main:$HOME_DIR/lib/*" com.adobe.testing.s3mock.S3MockApplication \
    --spring.main.sources=Loopback --server.address=127.0.0.1 \
    --server.port=0 --vectors.https.port=0 --http.port="$PORT" --vectors.http.port="$((PORT + 2))" \
    --com.adobe.testing.s3mock.store.root="$RUN/data" --com.adobe.testing.s3mock.store.retain-files-on-exit=true
}

healthy() {
  curl -sf -m 2 "http://127.0.0.1:$PORT/" &&
    curl -sf -m 2 -H 'content-type: application/json' -d '{}' "http://127.0.0.1:$((PORT + 2))/ListVectorBuckets"
}

do_env() {
  echo "export KEYVISUAL_S3MOCK_URL=$(url)"
  echo "export KEYVISUAL_S3VECTORS_URL=http://127.0.0.1:$((PORT + 2))"
}

main "$@"
