// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final Route READ = Route.get("/api/v1/pages/{page}", call -> Future.succeededFuture());
    private static final Route WRITE = Route.post("/api/v1/pages/{page}", call -> Future.succeededFuture());
    private static final Route LIVE = Route.get("/livez", call -> Future.succeededFuture());

    private final Routes routes = new Routes(List.of(READ, WRITE, LIVE));

    @Test
    void a_route_is_found_by_method_and_path_and_tells_what_the_names_stand_for() {
        assertThat(routes.match(HttpMethod.POST, "/api/v1/pages/77"))
                .isEqualTo(new Routes.Match.Found(WRITE, Map.of("page", "77")));
        assertThat(routes.match(HttpMethod.GET, "/livez")).isEqualTo(new Routes.Match.Found(LIVE, Map.of()));
    }

    @Test
    void another_method_is_told_which_ones_there_are() {
        assertThat(routes.match(HttpMethod.DELETE, "/api/v1/pages/77"))
                .isEqualTo(new Routes.Match.WrongMethod("GET, POST"));
    }

    @Test
    void a_path_must_match_whole() {
        for (var path : List.of("", "/", "/livez/", "//livez", "/api/v1/pages/", "/api/v1/pages/7/8", "/LIVEZ")) {
            assertThat(routes.match(HttpMethod.GET, path)).as(path).isEqualTo(new Routes.Match.Nothing());
        }
    }

    @Test
    void two_routes_may_not_claim_one_path() {
        var other = Route.get("/api/v1/pages/{id}", call -> Future.succeededFuture());

        assertThatThrownBy(() -> new Routes(List.of(READ, other))).hasMessageContaining("two routes");
    }

    @Test
    void what_lies_under_api_is_guarded_and_the_probes_are_not() {
        assertThat(READ.guarded()).isTrue();
        assertThat(LIVE.guarded()).isFalse();
    }
}
