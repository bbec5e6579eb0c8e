import type { EventType } from '../event.ts';

/** What an event type is called in a file's name: `user-status-created`. */
export function fileName(type: EventType): string {
  return type.replaceAll('.', '-');
}

/** What an event type is called in code: `userStatusCreated`. */
export function codeName(type: EventType): string {
  return type.replaceAll(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase());
}
