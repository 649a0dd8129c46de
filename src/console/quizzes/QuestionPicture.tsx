/** The picture of a question, where it has one. */
export function QuestionPicture({ name, alt }: { name: string | null; alt: string }) {
  if (name === null) return null;
  return <img className="question-picture" src={`/api/v1/questions/pictures/${name}`} alt={alt} />;
}
