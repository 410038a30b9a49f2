/** The scf dialect: forms, verifiers and interfaces of structured control flow. */

import { implement, type DialectHooks } from '../hook-types.js';
import {
  ConditionallySpeculatableInterface,
  LoopLikeInterface,
  RegionBranchInterface,
  RegionBranchTerminatorInterface,
} from '../interfaces.js';
import * as forms from './forms.js';
import * as flow from './interfaces.js';
import * as verifiers from './verifiers.js';

export const scfHooks: DialectHooks = {
  operations: {
    for: {
      parse: forms.parseFor,
      print: forms.printFor,
      verify: verifiers.verifyFor,
      verifyRegions: verifiers.verifyForRegions,
      interfaces: [
        implement(LoopLikeInterface, flow.forLoop),
        implement(RegionBranchInterface, flow.forBranch),
        implement(ConditionallySpeculatableInterface, flow.forSpeculation),
      ],
    },
    if: {
      parse: forms.parseIf,
      print: forms.printIf,
      verify: verifiers.verifyIf,
      verifyRegions: verifiers.verifyIfRegions,
      interfaces: [implement(RegionBranchInterface, flow.ifBranch)],
    },
    while: {
      parse: forms.parseWhile,
      print: forms.printWhile,
      verifyRegions: verifiers.verifyWhileRegions,
      interfaces: [
        implement(LoopLikeInterface, flow.whileLoop),
        implement(RegionBranchInterface, flow.whileBranch),
      ],
    },
    condition: {
      interfaces: [implement(RegionBranchTerminatorInterface, flow.conditionTerminator)],
    },
    parallel: {
      parse: forms.parseParallel,
      print: forms.printParallel,
      verify: verifiers.verifyParallel,
      interfaces: [implement(LoopLikeInterface, flow.parallelLoop)],
    },
    reduce: { parse: forms.parseReduce, print: forms.printReduce },
    execute_region: {
      parse: forms.parseExecuteRegion,
      print: forms.printExecuteRegion,
      interfaces: [implement(RegionBranchInterface, flow.onceBranch)],
    },
    index_switch: {
      parse: forms.parseIndexSwitch,
      print: forms.printIndexSwitch,
      verify: verifiers.verifyIndexSwitch,
      interfaces: [implement(RegionBranchInterface, flow.switchBranch)],
    },
    yield: {
      interfaces: [implement(RegionBranchTerminatorInterface, flow.yieldTerminator)],
    },
  },
};
