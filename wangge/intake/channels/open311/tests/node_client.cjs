// Drives the npm package `open311` against a running server: node node_client.cjs SITE KEY. Prints one line of JSON.
const { promisify } = require("node:util");
const Open311 = require("open311");

const [site, apiKey] = process.argv.slice(2);
const told = {};

// The client hands the HTTP status over as its error.
const calling = (client, name) => promisify(client[name]).bind(client);

async function main() {
  const client = new Open311({
    discovery: `${site}/open311/discovery.json`,
    apiKey,
    jurisdiction: "city.example",
  });
  await calling(client, "serviceDiscovery")({ cache: true, type: "test" });
  told.endpoint = client.endpoint;
  told.services = (await calling(client, "serviceList")()).length;
  told.definition = (await calling(client, "serviceDefinition")("01001")).attributes.map((a) => a.code);
  const request = {
    service_code: "01001",
    lat: 32.905,
    long: 118.905,
    description: "井盖破损\r\n请尽快处理",
    attributes: { cover_problem: ["cracked", "sunk"], cover_danger: "no" },
  };
  const [posted] = await calling(client, "submitRequest")(request);
  told.posted = posted.service_request_id;
  told.one = (await calling(client, "serviceRequest")(told.posted))[0].service_request_id;
  told.several = (await calling(client, "serviceRequests")([told.posted, "77"], {})).map((r) => r.service_request_id);
  told.closed = await calling(client, "serviceRequests")({ status: "closed" });
  const code = posted.service_notice.split("/m/")[1].slice(0, 10);
  told.token = (await calling(client, "token")(code))[0].service_request_id;
  try {
    await calling(client, "submitRequest")({ ...request, attributes: {} });
  } catch (status) {
    told.refused = status.cause ?? status;
  }
  console.log(JSON.stringify(told));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
