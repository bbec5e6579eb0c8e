/** Something that the documentation says, and what a deployment shows of it. */
export interface Step {
  /** One sentence, true when the step succeeds. */
  readonly claim: string;
  /** Where the documentation says so. */
  readonly docs: string;
  /** It is AWS that is asked, not the receiver: an emulated account proves nothing, and AWS may answer otherwise one day. */
  readonly isOfAws?: true;
  /** Without it the steps after it can't be done. */
  readonly isNeeded?: true;
  /**
   * @returns what was seen
   * @throws AssertionError with what was seen when it was the contrary; any other error leaves the claim open
   */
  readonly run: () => Promise<string>;
}
