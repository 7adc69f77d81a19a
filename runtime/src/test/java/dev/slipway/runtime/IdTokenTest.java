package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.ObjectValue;
import dev.slipway.workflow.expression.Value;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("OIDC tokens")
final class IdTokenTest {
  private static final Map<String, String> MAY = Map.of("id-token", "write");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;
  private RuntimeServices services;

  @BeforeEach
  void create() {
    services = services();
  }

  @AfterEach
  void close() {
    services.close();
    http.close();
  }

  @Test
  void officialClient_getsATokenThatTheDiscoveredKeysVerify() throws Exception {
    Clients clients = Clients.install();
    try (JobAccess job = services.open(Jobs.job("1", "a").withPermissions(MAY))) {
      assertThat(job.environment()).containsAllEntriesOf(job.idTokenEnvironment());
      String token =
          clients
              .run(folder, job.idTokenEnvironment(), "id-token.mjs", "sts.example.com")
              .succeeded()
              .text("token");
      JWTClaimsSet claims = verified(token);
      assertThat(claims.getAudience()).containsExactly("sts.example.com");
      assertThat(claims.getSubject()).isEqualTo("repo:octo/ship:ref:refs/heads/main");
    }
  }

  @Test
  void claims_areGitHubs() throws Exception {
    JobIdentity identity =
        Jobs.job("4", "a").withPermissions(MAY).withWorkflow("octo/shared/w.yml@v1", "abc");
    try (JobAccess job = services.open(identity)) {
      JWTClaimsSet claims = verified(token(job, ""));
      assertThat(claims.getAudience()).containsExactly("https://github.com/octo");
      assertThat(claims.getClaims())
          .containsEntry("repository", "octo/ship")
          .containsEntry("repository_owner", "octo")
          .containsEntry("repository_id", "7")
          .containsEntry("repository_owner_id", "8")
          .containsEntry("repository_visibility", "private")
          .containsEntry("actor", "ada")
          .containsEntry("actor_id", "9")
          .containsEntry("run_id", "4")
          .containsEntry("run_number", "4")
          .containsEntry("run_attempt", "1")
          .containsEntry("event_name", "push")
          .containsEntry("ref", "refs/heads/main")
          .containsEntry("ref_type", "branch")
          .containsEntry("ref_protected", "false")
          .containsEntry("head_ref", "")
          .containsEntry("base_ref", "")
          .containsEntry("workflow", "CI")
          .containsEntry("workflow_ref", "octo/ship/.github/workflows/ci.yml@refs/heads/main")
          .containsEntry("job_workflow_ref", "octo/shared/w.yml@v1")
          .containsEntry("job_workflow_sha", "abc")
          .containsEntry("runner_environment", "self-hosted")
          .containsKeys("jti", "sha", "workflow_sha", "nbf")
          .doesNotContainKey("environment");
      assertThat(
              Duration.between(
                  claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
          .isEqualTo(Duration.ofMinutes(5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "push, , repo:octo/ship:ref:refs/heads/main",
    "pull_request, , repo:octo/ship:pull_request",
    "pull_request, production, repo:octo/ship:environment:production",
    "push, a:b, repo:octo/ship:environment:a%3Ab",
  })
  void subject_saysWhereTheJobBelongs(String event, String environment, String subject)
      throws Exception {
    Map<String, String> github = new HashMap<>(Jobs.job("1", "a").github());
    github.put("event_name", event);
    JobIdentity identity =
        JobIdentity.of(github, "a").withPermissions(MAY).withEnvironment(environment);
    try (JobAccess job = services.open(identity)) {
      assertThat(verified(token(job, "")).getSubject()).isEqualTo(subject);
    }
  }

  @Test
  void jobWithoutThePermission_getsNoVariables_andItsOtherTokenIsNoUse() throws Exception {
    try (JobAccess allowed = services.open(Jobs.job("1", "a").withPermissions(MAY));
        JobAccess job = services.open(Jobs.job("1", "b"))) {
      assertThat(job.idTokenEnvironment()).isEmpty();
      assertThat(job.environment()).doesNotContainKey("ACTIONS_ID_TOKEN_REQUEST_URL");
      String url = allowed.idTokenEnvironment().get("ACTIONS_ID_TOKEN_REQUEST_URL");
      assertThat(get(url, job.environment().get("ACTIONS_RUNTIME_TOKEN")).statusCode())
          .isEqualTo(401);
      assertThat(get(url, "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void requestToken_isWorthNothingElsewhere_norAfterTheJob() throws Exception {
    JobAccess job = services.open(Jobs.job("1", "a").withPermissions(MAY));
    String url = job.idTokenEnvironment().get("ACTIONS_ID_TOKEN_REQUEST_URL");
    String token = job.idTokenEnvironment().get("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    assertThat(job.secrets()).contains(token, job.environment().get("ACTIONS_RUNTIME_TOKEN"));
    String cache =
        job.environment().get("ACTIONS_CACHE_URL") + "_apis/artifactcache/cache?keys=a&version=b";
    assertThat(get(cache, token).statusCode()).isEqualTo(401);
    job.close();
    assertThat(get(url, token).statusCode()).isEqualTo(401);
  }

  @Test
  void key_isPrivateAndStays() throws Exception {
    JobIdentity identity = Jobs.job("1", "a").withPermissions(MAY);
    String token = token(services.open(identity), "");
    Path key = folder.resolve("cache/oidc/key.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    services.close();
    services = services();
    services.open(identity);
    assertThat(SignedJWT.parse(token).getHeader().getKeyID())
        .isEqualTo(SignedJWT.parse(token(services.open(identity), "")).getHeader().getKeyID());
  }

  @Test
  void damagedKey_isReplaced() throws Exception {
    Path key = folder.resolve("cache/oidc/key.pem");
    Files.createDirectories(key.getParent());
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    verified(token(services.open(Jobs.job("1", "a").withPermissions(MAY)), ""));
  }

  private RuntimeServices services() {
    return RuntimeServices.create(
        RuntimeSettings.of(folder.resolve("artifacts"), folder.resolve("cache")));
  }

  private JWTClaimsSet verified(String token) throws Exception {
    SignedJWT jwt = SignedJWT.parse(token);
    String issuer = jwt.getJWTClaimsSet().getIssuer();
    ObjectValue configuration = json(issuer + "/.well-known/openid-configuration", "");
    assertThat(text(configuration, "issuer")).isEqualTo(issuer);
    JWKSet keys = JWKSet.parse(get(text(configuration, "jwks_uri"), "").body());
    assertThat(jwt.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
    JWSVerifier verifier =
        new RSASSAVerifier(keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toRSAKey());
    assertThat(jwt.verify(verifier)).isTrue();
    return jwt.getJWTClaimsSet();
  }

  private String token(JobAccess job, String audience) throws Exception {
    String url = job.idTokenEnvironment().get("ACTIONS_ID_TOKEN_REQUEST_URL");
    String bearer = job.idTokenEnvironment().get("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    return text(json(url + (audience.isEmpty() ? "" : "&audience=" + audience), bearer), "value");
  }

  private ObjectValue json(String url, @Nullable String bearer) throws Exception {
    HttpResponse<String> response = get(url, bearer);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return (ObjectValue) Json.parse(response.body());
  }

  private HttpResponse<String> get(@Nullable String url, @Nullable String bearer) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(String.valueOf(url)))
            .header("Authorization", "Bearer " + bearer)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String text(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? "" : value.toText();
  }
}
