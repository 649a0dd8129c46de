/** The rules that decide about pay: versions, results as pure functions, and the lines of the event package. */

export {
  addToTeam,
  type PackageDay,
  type PackageHead,
  type PackageManifest,
  type PackagePerson,
  type PackageSection,
  packageFormat,
  packageLine,
  packageSections,
  type ResultRow,
  recordOf,
  resultRow,
  type Team,
  teamKey,
} from './performance.package.ts';
export {
  bandOf,
  type DayStanding,
  dayCounts,
  freezesOf,
  type IsoDay,
  type PersonRecord,
  type PersonResult,
  resultOf,
} from './performance.rules.ts';
export {
  addRule,
  adoptRule,
  type RuleVersion,
  ruleOn,
  ruleVersion,
  ruleVersions,
} from './performance.service.ts';
