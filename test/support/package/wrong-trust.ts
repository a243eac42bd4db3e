import type { SampleParts, TrustFile } from '../sample-package.ts'

/** Trust files that no verifier may begin with, each wrong in one thing. */
export function wrongTrustFiles({ trust }: Pick<SampleParts, 'trust'>): Readonly<Record<string, string>> {
  const { format, logKeys, policy, vrfPublicKey, timestampRoots } = trust
  const [earlier, present] = logKeys as [TrustFile['logKeys'][number], TrustFile['logKeys'][number]]
  const logLines = present.keys.map((key) => `log ${key}\n`).join('')
  const changed = (change: Record<string, unknown>) => JSON.stringify({ ...trust, ...change })
  return {
    'no JSON': 'nothing',
    'a list': '[]',
    'no members': '{}',
    'format v1': JSON.stringify({ policy: logLines + policy, vrfPublicKey, timestampRoots }),
    'another format': changed({ format: 'trust/v3' }),
    'a member less': JSON.stringify({ format, logKeys, policy, vrfPublicKey }),
    'a member more': changed({ more: 1 }),
    'a short VRF key': changed({ vrfPublicKey: 'ab' }),
    'no certificate': changed({ timestampRoots: ['no certificate'] }),
    'log lines in the policy': changed({ policy: logLines + policy }),
    'no key set': changed({ logKeys: [] }),
    'a key set without keys': changed({ logKeys: [earlier, { ...present, keys: [] }] }),
    'a first key set that does not begin at 0': changed({ logKeys: [{ ...earlier, from: 1 }, present] }),
    'key sets that do not ascend': changed({ logKeys: [earlier, { ...present, from: 0 }] }),
    'key sets in the wrong order': changed({ logKeys: [present, earlier] }),
    'a size that is a text': changed({ logKeys: [earlier, { ...present, from: '280' }] }),
    'a key set with a member more': changed({ logKeys: [{ ...earlier, until: 260 }, present] }),
    'two keys of one kind in a set': changed({ logKeys: [{ from: 0, keys: [...earlier.keys, present.keys[0]] }] }),
    'keys of two logs': changed({
      logKeys: [earlier, { ...present, keys: [policy.match(/witness b (\S+)/)![1]] }],
    }),
    'no key': changed({ logKeys: [{ from: 0, keys: ['nonsense'] }] }),
    'any of the kinds of one witness': changed({ policy: policy.replace('group a all', 'group a any') }),
    'one kind of a witness alone': changed({
      policy: policy.replace('group a all a-ed25519 a-ml-dsa-44', 'group a all a-ed25519'),
    }),
    'the kinds of a witness counted as two': changed({
      policy: policy.replace(/group a .*\n/, '').replace('2 a b c', '2 a-ed25519 a-ml-dsa-44 b c'),
    }),
    'one kind of a witness as quorum': changed({ policy: policy.replace('quorum outsiders', 'quorum a-ed25519') }),
  }
}
