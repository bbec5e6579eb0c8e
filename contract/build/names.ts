import type { EventType } from '../event.ts';

/** An event type as a part of a file's name: `user-status-created`. */
export function fileName(type: EventType): string {
  return type.replaceAll('.', '-');
}

/** An event type as a name in code: `userStatusCreated`. */
export function codeName(type: EventType): string {
  return type.replaceAll(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase());
}
