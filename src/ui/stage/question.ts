import { create } from "zustand";

/** What was brought at once, where it has to be asked what is meant. */
export interface Question {
  readonly clips: readonly File[];
  /** Numbered pictures in order; empty where there are none. */
  readonly series: readonly File[];
}

export type Answer =
  | { readonly kind: "clip"; readonly clip: File | undefined }
  | { readonly kind: "series"; readonly pictures: readonly File[]; readonly rate: number };

interface Asked {
  readonly question: Question;
  /** Null where the user wants none of it. */
  answer(answer: Answer | null): void;
}

/** The question that is on screen. */
export const useQuestion = create<{ readonly asked: Asked | null }>(() => ({ asked: null }));

/** Asks where there is something to choose; a later question takes the place of an earlier one. */
export function askWhich(question: Question): Promise<Answer | null> {
  const { clips, series } = question;
  useQuestion.getState().asked?.answer(null);
  if (series.length === 0 && clips.length < 2) {
    return Promise.resolve({ kind: "clip", clip: clips[0] });
  }
  return new Promise((resolve) => {
    const answer = (given: Answer | null) => {
      useQuestion.setState({ asked: null });
      resolve(given);
    };
    useQuestion.setState({ asked: { question, answer } });
  });
}
