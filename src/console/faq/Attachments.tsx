import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { attachmentTypes, isPicture, typeOf } from '../../features/faq/faq.files.api.ts';
import { useMay } from '../may.ts';
import { Problem } from '../parts.tsx';
import { sendFile } from '../send-file.ts';
import { useFaqTexts } from './faq.text.ts';

interface Attachment {
  name: string;
  file: string;
}

const MOST = 5;
const endings = ['jpeg', ...Object.keys(attachmentTypes)].map((ending) => `.${ending}`).join(',');

/** The pictures and files of an entry: what is chosen is kept at once, and belongs to the entry when that is saved. */
export function Attachments({
  attachments,
  onChange,
}: {
  attachments: readonly Attachment[];
  onChange: (attachments: Attachment[]) => void;
}) {
  const t = useFaqTexts();
  const may = useMay()('faq.write');
  const keep = useMutation({
    mutationFn: (file: File) => sendFile<{ file: string }>('/faq/files', typeOf(file.name), file),
    onSuccess: ({ file }, { name }) => onChange([...attachments, { name, file }]),
  });
  return (
    <div className="labelled">
      <span>{t.fields.attachments}</span>
      <ul className="faq-attachments">
        {attachments.map(({ name, file }) => (
          <li key={`${file} ${name}`}>
            <a href={`/api/v1/faq/files/${file}`} download={name}>
              {isPicture(file) ? <img src={`/api/v1/faq/files/${file}`} alt={name} /> : name}
            </a>
            {may ? (
              <Button
                size="small"
                aria-label={t.detach(name)}
                onClick={() => onChange(attachments.filter((one) => one.file !== file || one.name !== name))}
              >
                ×
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {may && attachments.length < MOST ? (
        <label>
          {t.attach}{' '}
          <input
            type="file"
            accept={endings}
            disabled={keep.isPending}
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file !== undefined) keep.mutate(file);
              event.target.value = '';
            }}
          />
        </label>
      ) : null}
      {keep.error === null ? null : <Problem error={keep.error} />}
    </div>
  );
}
