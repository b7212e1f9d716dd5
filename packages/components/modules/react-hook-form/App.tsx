import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useFieldArray, useForm, type SubmitHandler } from 'react-hook-form';
import * as z from 'zod';

const schema = z.object({
  firstName: z.string().min(1, 'a first name is needed').max(20),
  age: z.coerce.number().int().min(18, 'at least 18'),
  gender: z.enum(['female', 'male', 'other']),
  terms: z.literal(true, 'accept the terms'),
  guests: z.array(z.object({ name: z.string().min(2, 'two letters') })),
});
type In = z.input<typeof schema>;
type Out = z.output<typeof schema>;

export default function App() {
  const [sent, setSent] = useState('');
  const { register, handleSubmit, control, reset, watch, formState: { errors, isDirty, submitCount } } = useForm<In, unknown, Out>({
    resolver: zodResolver(schema),
    defaultValues: { firstName: '', age: 17, gender: 'female', guests: [] },
  });
  const { fields, append, remove } = useFieldArray({ control, name: 'guests' });
  const onSubmit: SubmitHandler<Out> = (data) => setSent(JSON.stringify(data));
  return (
    <form onSubmit={handleSubmit(onSubmit)} noValidate>
      <input placeholder="First name" {...register('firstName')} />
      <input placeholder="Age" type="number" {...register('age')} />
      <select aria-label="Gender" {...register('gender')}>
        <option value="female">female</option>
        <option value="male">male</option>
        <option value="other">other</option>
      </select>
      <label><input type="checkbox" {...register('terms')} />terms</label>
      {fields.map((field, index) => (
        <p key={field.id} className="guest">
          <input placeholder={`Guest ${index}`} {...register(`guests.${index}.name`)} />
          <button type="button" onClick={() => remove(index)}>remove {index}</button>
        </p>
      ))}
      <button type="button" onClick={() => append({ name: '' }, { shouldFocus: false })}>add a guest</button>
      <ul id="errors">
        {Object.entries(errors).map(([name, error]) => (
          <li key={name}>{name}: {'message' in error ? String(error.message) : 'see there'}</li>
        ))}
      </ul>
      <p id="state">{isDirty ? 'dirty' : 'clean'}, {submitCount} times, watched: {watch('firstName')}</p>
      <output>{sent}</output>
      <input type="submit" value="Send" />
      <button type="button" onClick={() => reset()}>reset</button>
    </form>
  );
}
