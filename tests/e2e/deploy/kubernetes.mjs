// The Kubernetes manifests: their shape by the API's own schemas, and what has to agree between them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, test } from '../lib/check.mjs';
import { exists, root, text, yaml, yamlDocuments } from './files.mjs';
import { environmentOf, lastStage } from './image.mjs';
import { knownSettings, trespasserd } from './program.mjs';

const require = createRequire(import.meta.url);
const folder = 'deploy/kubernetes';
const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml').sort();
const objects = files.flatMap((file) => yamlDocuments(join(folder, file)).map((object) => ({ file, object })));

const moduleOf = ({ apiVersion }) => {
  const group = apiVersion.includes('/') ? apiVersion : `${apiVersion}`;
  const known = { 'networking.k8s.io/v1': 'networking.k8s.io/v1', v1: 'v1' };
  return `kubernetes-models/${known[group] ?? group}`;
};
const one = (kind, name = 'trespasser') => objects.find(({ object }) => object.kind === kind && object.metadata.name === name).object;

// Required fields and types are checked by the schemas, misspelt fields by the compiler: a literal may not have a field that
// its interface does not know.
function compilerSays() {
  const place = mkdtempSync(join(tmpdir(), 'trespasser-manifests-'));
  const lines = objects.map(({ object }, i) => {
    const { apiVersion, kind, ...rest } = object;
    return `import { I${kind} as T${i} } from '${moduleOf(object)}';\nexport const o${i}: T${i} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  writeFileSync(join(place, 'manifests.ts'), lines.join('\n'));
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, module: 'esnext', moduleResolution: 'bundler', types: [],
      paths: { 'kubernetes-models/*': [join(root, 'tests/e2e/node_modules/kubernetes-models/*')] } },
    files: ['manifests.ts'],
  }));
  try {
    execFileSync(process.execPath, [join(root, 'web/node_modules/typescript/bin/tsc'), '-p', place], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return error.stdout.toString();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function checkShape() {
  test('C6 every manifest is what the Kubernetes API says', () => {
    assert.ok(objects.length >= 10);
    for (const { file, object } of objects) {
      const Model = require(moduleOf(object))[object.kind];
      assert.doesNotThrow(() => new Model(object).validate(), file);
    }
    assert.equal(compilerSays(), '');
    const { template } = one('Deployment').spec;
    const grace = template.spec.terminationGracePeriodSeconds;
    delete template.spec.terminationGracePeriodSeconds;
    template.spec.terminationGracePeriodSecond = grace;
    const said = compilerSays();
    delete template.spec.terminationGracePeriodSecond;
    template.spec.terminationGracePeriodSeconds = grace;
    assert.match(said, /terminationGracePeriodSecond/, 'a misspelt field is found');
  });

  test('C6 the kustomization lists what belongs to it, in one namespace', () => {
    const { resources, namespace, images } = yaml(`${folder}/kustomization.yaml`);
    for (const file of resources) assert.ok(exists(join(folder, file)), file);
    // Applied by hand: one is a form, one runs before.
    assert.deepEqual(files.filter((file) => !resources.includes(file)), ['migrate-job.yaml', 'secret.example.yaml']);
    for (const { file, object } of objects) {
      if (object.kind === 'Namespace') assert.equal(object.metadata.name, namespace);
      else assert.equal(object.metadata.namespace, namespace, file);
    }
    assert.equal(images[0].name, one('Deployment').spec.template.spec.containers[0].image);
  });
}

function podsAreRestricted() {
  test('C6 pods are not root, write nowhere but in their volumes, and have no rights', () => {
    const user = lastStage('deploy/Dockerfile').find(({ word }) => word === 'USER').rest;
    for (const { spec } of [one('Deployment').spec.template, one('Job', 'trespasser-migrate').spec.template]) {
      assert.equal(`${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}`, user, 'the user of the image');
      assert.equal(spec.securityContext.fsGroup, spec.securityContext.runAsGroup, 'who may write to the volumes');
      assert.equal(spec.securityContext.runAsNonRoot, true);
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
      assert.equal(spec.automountServiceAccountToken, false);
      for (const container of spec.containers) {
        assert.deepEqual(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        assert.ok(container.volumeMounts.some(({ mountPath }) => mountPath === environmentOf('deploy/Dockerfile').DATA_DIR));
        for (const { name } of container.volumeMounts) assert.ok(spec.volumes.some((volume) => volume.name === name), name);
        assert.ok(container.resources.requests.cpu && container.resources.limits.memory);
      }
    }
  });
}

function checkAgreement() {
  test('C5 C6 termination grace, probes, ports and selectors agree', () => {
    const { spec } = one('Deployment');
    const pod = spec.template.spec;
    const [container] = pod.containers;
    const settings = one('ConfigMap').data;
    const pause = Number(container.lifecycle.preStop.exec.command[1]);
    assert.ok(pod.terminationGracePeriodSeconds >= pause + Number(settings.DRAIN_LIMIT) + 60);
    assert.equal(String(container.ports[0].containerPort), environmentOf('deploy/Dockerfile').PORT);
    assert.equal(container.livenessProbe.httpGet.path, '/health/live');
    assert.equal(container.startupProbe.httpGet.path, '/health/live');
    assert.equal(container.readinessProbe.httpGet.path, '/health/ready');
    for (const probe of ['livenessProbe', 'startupProbe', 'readinessProbe']) assert.equal(container[probe].httpGet.port, container.ports[0].name);
    const { labels } = spec.template.metadata;
    for (const selector of [spec.selector.matchLabels, one('Service').spec.selector, one('PodDisruptionBudget').spec.selector.matchLabels,
      one('NetworkPolicy').spec.podSelector.matchLabels]) assert.deepEqual(selector, labels);
    assert.equal(one('Service').spec.ports[0].targetPort, container.ports[0].name);
    assert.equal(spec.replicas, undefined, 'that is the autoscaler\'s');
    assert.equal(container.resources.requests.cpu, settings.SHARDS, 'a shard is a core');
    assert.ok(Number(settings.MEMORY_LIMIT_MB) < Number.parseInt(container.resources.limits.memory, 10));
  });

  test('C6 the autoscaler counts players, below what a node takes', () => {
    const { spec } = one('HorizontalPodAutoscaler');
    assert.deepEqual(spec.scaleTargetRef, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'trespasser' });
    const [{ pods }] = spec.metrics;
    assert.equal(pods.metric.name, 'active_players');
    assert.ok(Number(pods.target.averageValue) < Number(one('ConfigMap').data.MAX_PLAYERS_PER_NODE));
    assert.ok(spec.minReplicas >= 3 && one('PodDisruptionBudget').spec.maxUnavailable < spec.minReplicas);
  });

  test('C6 the ingress says what nginx.conf.in says', () => {
    const { metadata: { annotations }, spec } = one('Ingress');
    const conf = text('deploy/nginx/nginx.conf.in');
    const renderer = text('deploy/nginx/render');
    assert.equal(annotations['nginx.org/lb-method'], 'hash $remote_addr consistent');
    assert.match(conf, /hash \$binary_remote_addr consistent;/);
    const socket = /NGINX_SOCKET_TIMEOUT:=(\d+)s/.exec(renderer)[1];
    assert.equal(annotations['nginx.org/proxy-read-timeout'], `${socket}s`);
    assert.equal(annotations['nginx.ingress.kubernetes.io/proxy-read-timeout'], socket);
    const body = /location \/socket\.io\/ \{\s*client_max_body_size (\w+);/.exec(conf)[1];
    assert.equal(annotations['nginx.org/client-max-body-size'], body);
    assert.equal(annotations['nginx.ingress.kubernetes.io/proxy-body-size'], body);
    assert.match(renderer, new RegExp(`max_fails=${annotations['nginx.org/max-fails']} fail_timeout=${annotations['nginx.org/fail-timeout']};`));
    assert.equal(annotations['nginx.ingress.kubernetes.io/affinity'], 'cookie');
    const [rule] = spec.rules;
    assert.deepEqual(spec.tls[0].hosts, [rule.host]);
    const paths = rule.http.paths.map(({ path }) => path);
    for (const path of ['/socket.io/', '/api/', '/health', '/play', '/admin', '/']) assert.ok(paths.includes(path), path);
    assert.ok(!rule.http.paths.some(({ path, pathType }) => path === '/' && pathType === 'Prefix'), 'nothing else is reachable');
    for (const { backend: { service } } of rule.http.paths) {
      assert.equal(service.name, one('Service').metadata.name);
      assert.equal(service.port.name, one('Service').spec.ports[0].name);
    }
  });

  test('C6 nodes may reach their databases and mail, and be reached on their port', () => {
    const { ingress, egress } = one('NetworkPolicy').spec;
    assert.deepEqual(ingress[0].ports.map(({ port }) => port), ['http']);
    assert.ok(ingress[0].from.length > 0);
    assert.deepEqual(egress.flatMap(({ ports }) => ports.map(({ port }) => port)), [53, 53, 5432, 6379, 465, 587]);
  });
}

function checkSettings(bin, database) {
  test('C6 config map and secret are settings, and the server takes them', () => {
    const known = knownSettings(bin);
    const settings = one('ConfigMap').data;
    const secrets = one('Secret').stringData;
    const extra = one('Deployment').spec.template.spec.containers[0].env.map(({ name }) => name);
    assert.deepEqual([...Object.keys(settings), ...Object.keys(secrets), ...extra].filter((name) => !known.has(name)), []);
    assert.ok(Object.values(settings).every((value) => typeof value === 'string'));
    assert.ok(Object.values(secrets).every((value) => value === ''), 'a form has no secrets');
    const data = mkdtempSync(join(tmpdir(), 'trespasser-kubernetes-'));
    const url = database();
    const refused = trespasserd(bin, ['config', 'check'], { ...environmentOf('deploy/Dockerfile'), ...settings, ...secrets }, data);
    assert.match(refused.text, /JWT_SECRET/, 'an empty form does not start');
    const env = { ...environmentOf('deploy/Dockerfile'), ...settings, ...secrets, JWT_SECRET: 'k'.repeat(64), DATABASE_URL: url, NODE_ID: 'trespasser-5d4f-x' };
    for (const words of [one('Job', 'trespasser-migrate').spec.template.spec.containers[0].args, ['config', 'check']]) {
      const said = trespasserd(bin, words, env, data);
      assert.equal(said.code, 0, said.text);
    }
    rmSync(data, { recursive: true, force: true });
  });
}

export function kubernetesTests(bin, database) {
  checkShape();
  podsAreRestricted();
  checkAgreement();
  checkSettings(bin, database);
}
