import { useMutation } from '@tanstack/react-query';
import { newKey, query, sendFile } from '../api.ts';

interface Uploaded {
  fileId: string;
  name: string;
  bytes: number;
}

/** Hands a file in, which a notice may attach from then on. */
export const useUpload = () =>
  useMutation({
    mutationFn: async (file: File): Promise<Uploaded> =>
      sendFile(`/notice-files${query({ name: file.name, mime: file.type || undefined })}`, file, newKey()),
  });
