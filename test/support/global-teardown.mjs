export default async function teardown() {
  await globalThis.cuhuoTestServer?.stop();
}
