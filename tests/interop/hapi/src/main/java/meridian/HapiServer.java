// SPDX-License-Identifier: Apache-2.0
package meridian;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.test.config.TestR4Config;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * HAPI's JPA server for R4 over TLS on a free port of loopback, at /fhir. Arguments: a PKCS#12 key
 * store with password "changeit", and the file that gets the base URL once requests are answered.
 */
public final class HapiServer {
  private HapiServer() {}

  public static void main(String[] args) throws Exception {
    var spring = new AnnotationConfigApplicationContext(TestR4Config.class);
    var server = new Server();
    var connector = new ServerConnector(server, tls(args[0]), http());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var servlets = new ServletContextHandler();
    servlets.setContextPath("/");
    servlets.addServlet(new ServletHolder(restful(spring)), "/fhir/*");
    server.setHandler(servlets);
    server.start();
    var file = Path.of(args[1]);
    var draft = Path.of(args[1] + ".draft");
    Files.writeString(draft, "https://127.0.0.1:" + connector.getLocalPort() + "/fhir\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    server.join();
  }

  private static SslConnectionFactory tls(String store) {
    var context = new SslContextFactory.Server();
    context.setKeyStorePath(store);
    context.setKeyStorePassword("changeit");
    return new SslConnectionFactory(context, "http/1.1");
  }

  private static HttpConnectionFactory http() {
    var configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    return new HttpConnectionFactory(configuration);
  }

  private static RestfulServer restful(AnnotationConfigApplicationContext spring) {
    var server = new RestfulServer(spring.getBean(FhirContext.class));
    server.registerProviders(
        spring.getBean("myResourceProvidersR4", ResourceProviderFactory.class).createProviders());
    server.registerProvider(spring.getBean(JpaSystemProvider.class));
    server.setPagingProvider(spring.getBean(DatabaseBackedPagingProvider.class));
    server.setDefaultResponseEncoding(EncodingEnum.JSON);
    server.setServerConformanceProvider(
        new JpaCapabilityStatementProvider(
            server,
            spring.getBean(IFhirSystemDao.class),
            spring.getBean(JpaStorageSettings.class),
            spring.getBean(ISearchParamRegistry.class),
            spring.getBean("myJpaValidationSupportChain", IValidationSupport.class)));
    return server;
  }
}
