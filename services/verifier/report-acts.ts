import type { ListedFiles, SignedList } from './shown-acts.ts'
import type { WordedSection } from './worded-section.ts'

/** What is shown of lists: those of docks, and those that people signed at once. */
export function actSections(checked: {
  readonly handIns: readonly ListedFiles[]
  readonly signedLists: readonly SignedList[]
}): WordedSection[] {
  return [
    ...(checked.handIns.length > 0 ? [handInsSection(checked.handIns)] : []),
    ...(checked.signedLists.length > 0 ? [signedListsSection(checked.signedLists)] : []),
  ]
}

function handInsSection(handIns: readonly ListedFiles[]): WordedSection {
  return {
    title: { zh: '采集站交存单', en: "Docks' lists of files" },
    rows: handIns.map(({ handInId, files, shown }) => ({
      label: { zh: handInId, en: handInId },
      text: {
        zh: `单上共 ${files ?? '?'} 个文件，本材料出示其中 ${shown} 个，其余未出示`,
        en: `${files ?? '?'} files are on the list; ${shown} of them are shown here, the others are not`,
      },
    })),
  }
}

function signedListsSection(lists: readonly SignedList[]): WordedSection {
  return {
    title: { zh: '按清单一次签署的事项', en: 'Acts signed at once, in one list' },
    rows: lists.map(({ id, sha256, acts, shown }) => ({
      label: { zh: id, en: id },
      text: {
        zh: `共 ${acts ?? '?'} 项，本材料出示其中 ${shown} 项；所签清单的校验值 SHA-256 ${sha256}，清单全文不在本材料内`,
        en: `${acts ?? '?'} acts, of which ${shown} are shown here; SHA-256 of the signed list ${sha256}; its text is not in the package`,
      },
    })),
  }
}
